# A terminal of `cols` columns and `rows` rows: reads all that was written to it
# and prints the lines that a person sees in the end, with those that have
# scrolled away. A line that did not fit goes on in the next, behind a "~".
# To the file `frames` go the screens before each step of the cursor upwards,
# with a line "--" behind each; to the file `facts`, "cursor shown" or "hidden",
# "colours N", and "unknown ..." for each code that it does not know.
# Bytes, not characters: run it with LC_ALL=C.

function line(y,    x, text) {
  for (x = 0; x < cols; ++x)
    text = text ((y, x) in cell ? cell[y, x] : " ")
  sub(/ +$/, "", text)
  return (y in goes_on ? "~" : "") text
}

function next_row() {
  ++row
  if (row > last)
    last = row
  if (row - top == rows)
    ++top
}

function put(c) {
  if (column == cols) {
    next_row()
    goes_on[row] = 1
    column = 0
  }
  cell[row, column++] = c
}

function clear_from(y, x) {
  if (x == 0)
    delete goes_on[y]
  for (; x < cols; ++x)
    delete cell[y, x]
}

function snapshot(    y) {
  for (y = top; y <= last; ++y)
    print line(y) > frames
  print "--" > frames
}

function up(count) {
  snapshot()
  row = row - count < top ? top : row - count
}

# Carries out the code at the start of `text`; returns its length.
function command(text,    y, name) {
  if (!match(text, /^\033\[[0-9;?]*[@-~]/)) {
    print "unknown " substr(text, 2, 1) > facts
    return 1
  }
  name = substr(text, 3, RLENGTH - 2)
  if (name ~ /^[0-9]+A$/)
    up(name + 0)
  else if (name == "K")
    clear_from(row, column)
  else if (name == "J") {
    clear_from(row, column)
    for (y = row + 1; y <= last; ++y)
      clear_from(y, 0)
  } else if (name == "?25h" || name == "?25l")
    cursor = name == "?25h" ? "shown" : "hidden"
  else if (name ~ /^[0-9;]*m$/)
    colours += name != "0m"
  else
    print "unknown " name > facts
  return RLENGTH
}

BEGIN {
  RS = "\001" # does not occur: all is one record
  for (i = 128; i < 192; ++i)
    further = further sprintf("%c", i)
  cursor = "shown"
}

{
  for (i = 1; i <= length($0); ++i) {
    c = substr($0, i, 1)
    if (c == "\033")
      i += command(substr($0, i, 16)) - 1
    else if (c == "\r")
      column = 0
    else if (c == "\n")
      next_row()
    else if (index(further, c)) # belongs to the character before
      cell[row, column - 1] = cell[row, column - 1] c
    else
      put(c)
  }
}

END {
  for (y = 0; y <= last; ++y)
    print line(y)
  print "cursor " cursor > facts
  print "colours " colours + 0 > facts
}
