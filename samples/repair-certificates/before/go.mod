module example.org/seal

go 1.19
