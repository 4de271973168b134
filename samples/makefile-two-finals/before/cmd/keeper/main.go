package main

import "fmt"

func main() {
	fmt.Println("keeper keeps")
}
