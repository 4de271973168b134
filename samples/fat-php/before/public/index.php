<?php

require __DIR__ . '/../src/Timetable.php';

$stop = preg_replace('/\W/', '', $_GET['stop'] ?? 'market');
echo '<style>' . file_get_contents(__DIR__ . '/style.css') . "</style>\n";
echo '<h1>' . ucfirst($stop) . "</h1>\n";
echo Timetable::load()->table($stop) . "\n";
