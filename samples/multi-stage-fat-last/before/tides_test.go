package main

import "testing"

func TestNext(t *testing.T) {
	if got := next("06:00"); got != "18:25" {
		t.Fatalf("after 06:00 comes %q", got)
	}
}
