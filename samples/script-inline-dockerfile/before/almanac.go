package main

import "fmt"

func main() {
	fmt.Println("new moon on the 9th")
}
