// Runs Flyway's commands for run.py: one a line of stdin (a word and -key=value, with tabs between them); the answer
// ends with a line "EXIT 0" or "EXIT 1".
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.internal.configuration.ConfigUtils;
import org.flywaydb.core.internal.info.MigrationInfoDumper;

public class Driver {
  static int run(String[] words) {
    try {
      Map<String, String> settings = new HashMap<>();
      for (int i = 1; i < words.length; i++) {
        int equals = words[i].indexOf('=');
        String key = words[i].substring(1, equals);
        String value = words[i].substring(equals + 1);
        if (key.equals("configFiles")) {
          settings.putAll(ConfigUtils.loadConfigurationFile(new File(value), "UTF-8", true));
        } else {
          settings.put("flyway." + key, value);
        }
      }
      Flyway flyway = Flyway.configure().configuration(settings).load();
      switch (words[0]) {
        case "migrate" -> flyway.migrate();
        case "info" -> System.out.print(MigrationInfoDumper.dumpToAsciiTable(flyway.info().all()));
        case "validate" -> flyway.validate();
        case "baseline" -> flyway.baseline();
        case "repair" -> flyway.repair();
        case "clean" -> flyway.clean();
        default -> throw new IllegalArgumentException(words[0]);
      }
      return 0;
    } catch (Throwable wrong) {
      System.out.println("FAILED " + wrong.getClass().getSimpleName() + ": " + wrong.getMessage());
      return 1;
    }
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      int exit = run(line.split("\t"));
      System.out.println("EXIT " + exit);
      System.out.flush();
    }
  }
}
