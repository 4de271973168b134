double fahrenheit(double celsius);
