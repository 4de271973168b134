package main

import "fmt"

func main() {
	fmt.Println("keeperctl asks")
}
