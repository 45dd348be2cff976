# The word may be missing, or stand behind options; and --option=value is an option with a value.
functions[_glance_audit_word]=$functions[_shtab_glance_audit]

_shtab_glance_audit() {
  local -a known=(@words@) valued=(@valued@)
  local -i at=2
  local word=@default@
  if [[ $PREFIX == --*=* ]]; then
    words[CURRENT]=("${PREFIX%%=*}" "${PREFIX#*=}")
    (( CURRENT += 1 ))
    compset -P 1 '*='
  fi
  while (( at < CURRENT )); do
    if (( $valued[(Ie)$words[at]] )); then
      (( at += 2 ))
    elif [[ $words[at] == -?* && $words[at] != -- ]]; then
      (( at += 1 ))
    else
      break
    fi
  done
  if (( at < CURRENT && $known[(Ie)$words[at]] )); then
    word=$words[at]
    words[at]=()
  else
    if (( at == CURRENT )) && [[ $words[at] != -* ]]; then
      _shtab_glance_audit_commands
    fi
    (( CURRENT += 1 ))
  fi
  words=("$words[1]" $word "${(@)words[2,-1]}")
  _glance_audit_word "$@"
}
