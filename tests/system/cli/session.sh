# What runs in the terminal of terminal.sh: COLUMNS ROWS COMMAND...
trap : INT # ours is the terminal's process too; the command ends, not we
stty cols "$1" rows "$2"
shift 2
before=$(stty -g)
code=0
"$@" || code=$?
[ "$(stty -g)" = "$before" ] || echo "THE TERMINAL WAS LEFT IN ANOTHER MODE"
exit $code
