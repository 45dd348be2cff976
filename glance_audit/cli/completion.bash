# The word may be missing, or stand behind options; and bash takes --option=value apart.
_glance_audit() {
    local known=" @words@ " valued=" @valued@ "
    local line=() at=1 index word=@default@ first=false
    for ((index = 0; index <= COMP_CWORD; index++)); do
        if [[ ${COMP_WORDS[index]} == = && ${COMP_WORDS[index - 1]} == --* ]]; then
            ((index < COMP_CWORD)) || line+=("")
        else
            line+=("${COMP_WORDS[index]}")
        fi
    done
    local last=$((${#line[@]} - 1))
    local current=${line[last]}
    while ((at < last)); do
        if [[ $valued == *" ${line[at]} "* ]]; then
            ((at += 2))
        elif [[ ${line[at]} == -?* && ${line[at]} != -- ]]; then
            ((at += 1))
        else
            break
        fi
    done
    if ((at < last)) && [[ $known == *" ${line[at]} "* ]]; then
        word=${line[at]}
        line=("${line[@]:0:at}" "${line[@]:at+1}")
    elif ((at == last)) && [[ $current != -* ]]; then
        first=true
    fi
    local COMP_WORDS=("${line[0]}" "$word" "${line[@]:1}")
    local COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _shtab_glance_audit
    if $first; then
        while IFS= read -r word; do
            COMPREPLY+=("$word")
        done < <(compgen -W "$known" -- "$current")
    fi
}

complete -F _glance_audit @program@
