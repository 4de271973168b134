module example.org/stores

go 1.19
