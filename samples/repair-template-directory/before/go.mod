module example.org/noticeboard

go 1.19
