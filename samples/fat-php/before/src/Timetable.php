<?php

final class Timetable
{
    /** @param array<string, array<string, string>> $stops */
    public function __construct(private array $stops)
    {
    }

    public static function load(): self
    {
        return new self(require __DIR__ . '/../data/timetable.php');
    }

    public function table(string $stop): string
    {
        $rows = '';
        foreach ($this->stops[$stop] ?? [] as $time => $line) {
            $rows .= "<tr><td>$time</td><td>Line $line</td></tr>";
        }
        return "<table>$rows</table>";
    }
}
