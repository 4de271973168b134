for line in lines("data/tides.txt"):
  echo line
