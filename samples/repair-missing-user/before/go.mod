module example.org/handover

go 1.19
