package io.foresell.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands against a real server on a socket; files lie in a folder of the test. */
abstract class AgainstFixture {
    static final String TELCO =
            """
            customerID,tenure,Contract,TotalCharges,Churn
            a-1,1,Month-to-month,29.85,No
            a-2,34,One year,1889.5,No
            a-3,2,Month-to-month, ,Yes
            """;

    final FixtureServer server = new FixtureServer();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    CommandRun run(String... arguments) {
        return CommandRun.against(server, arguments);
    }

    String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
