package main

/*
#cgo LDFLAGS: -ldl
#include <dlfcn.h>
#include <stdlib.h>
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"unsafe"
)

type settings struct {
	Libraries []string `json:"libraries"`
}

func load(name string) error {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	if C.dlopen(text, C.RTLD_NOW) == nil {
		return fmt.Errorf("%s", C.GoString(C.dlerror()))
	}
	return nil
}

func main() {
	log.SetFlags(0)
	bytes, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var found settings
	if err := json.Unmarshal(bytes, &found); err != nil {
		log.Fatal(err)
	}
	for _, name := range found.Libraries {
		if err := load(name); err != nil {
			log.Fatal(err)
		}
		fmt.Println("opened", name)
	}
}
