package main

import "time"

// A tide comes every twelve hours and 25 minutes.
const period = 12*time.Hour + 25*time.Minute

// next says when the tide after the one at a time of day ("15:04") is due.
func next(after string) string {
	at, err := time.Parse("15:04", after)
	if err != nil {
		return "when?"
	}
	return at.Add(period).Format("15:04")
}
