# The word may be missing: the first argument is a path as well.
complete -c @program@ -n 'not __fish_seen_subcommand_from @words@' -F
