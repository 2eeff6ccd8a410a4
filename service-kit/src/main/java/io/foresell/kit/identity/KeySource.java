package io.foresell.kit.identity;

import io.foresell.kit.rotate.Polled;
import io.foresell.kit.rotate.Rotated;
import io.foresell.kit.rotate.Rotation;
import io.foresell.kit.rotate.UnusableFileException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The newest good keys of an issuer. */
interface KeySource {
    /** Returns the keys; null until they were read once. */
    @Nullable
    SigningKeys keys();

    /** Asks for a look out of turn; returns whether there will be one, at most one in ten seconds. */
    boolean refresh();

    /**
     * Opens a source.
     *
     * @throws UnusableFileException when a file cannot be used now; an address may be away
     */
    static KeySource open(TokenRules rules, Rotation rotation, Runnable whenChanged) throws UnusableFileException {
        if ("file".equals(rules.keys().getScheme())) {
            Rotated<SigningKeys> file = Rotated.read(
                    "auth.jwt.keys", List.of(Path.of(rules.keys())), contents -> SigningKeys.parse(contents.get(0)));
            rotation.add(file, whenChanged);
            return new KeySource() {
                @Override
                public SigningKeys keys() {
                    return file.get();
                }

                @Override
                public boolean refresh() {
                    return false; // the file is looked at all the time
                }
            };
        }
        Fetched fetched = new Fetched(rules.keys(), rules.refresh(), rotation, System::nanoTime);
        rotation.add(fetched, whenChanged);
        rotation.pollSoon();
        return fetched;
    }

    /** Keys fetched over HTTP on the polling thread: before they are due, or when a token names one not known yet. */
    final class Fetched implements KeySource, Polled {
        private static final Duration TIMEOUT = Duration.ofSeconds(3);
        private static final Duration BETWEEN = Duration.ofSeconds(10);
        private static final int MAX_BYTES = 1 << 20;

        private final HttpClient http = HttpClient.newBuilder()
                .connectTimeout(TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        private final URI address;
        private final Duration interval;
        private final Rotation rotation;
        private final LongSupplier nanoClock;
        private volatile @Nullable SigningKeys keys;
        private volatile String problem = "auth.jwt.keys: not fetched yet";
        private volatile long triedNanos; // written by the polling thread and refresh()
        private volatile boolean isWanted = true;

        Fetched(URI address, Duration interval, Rotation rotation, LongSupplier nanoClock) {
            this.address = address;
            this.interval = interval;
            this.rotation = rotation;
            this.nanoClock = nanoClock;
            this.triedNanos = nanoClock.getAsLong() - BETWEEN.toNanos();
        }

        @Override
        public @Nullable SigningKeys keys() {
            return keys;
        }

        @Override
        public String name() {
            return "auth.jwt.keys";
        }

        @Override
        public String problem() {
            return problem;
        }

        @Override
        public boolean refresh() {
            if (!isWanted && nanoClock.getAsLong() - triedNanos < BETWEEN.toNanos()) {
                return false;
            }
            isWanted = true;
            rotation.pollSoon();
            return true;
        }

        @Override
        public boolean poll() {
            long sinceNanos = nanoClock.getAsLong() - triedNanos;
            boolean isDue = sinceNanos >= (problem.isEmpty() ? interval : BETWEEN).toNanos();
            if (!isDue && !(isWanted && sinceNanos >= BETWEEN.toNanos())) {
                return false;
            }
            triedNanos = nanoClock.getAsLong();
            try {
                keys = SigningKeys.parse(fetch());
                problem = "";
                return true;
            } catch (UnusableFileException e) {
                problem = String.valueOf(e.getMessage());
            } catch (IOException e) {
                problem = "auth.jwt.keys: %s cannot be reached".formatted(address);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                isWanted = false;
            }
            return false;
        }

        private byte[] fetch() throws IOException, InterruptedException, UnusableFileException {
            HttpRequest request =
                    HttpRequest.newBuilder(address).timeout(TIMEOUT).build();
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                byte[] bytes = body.readNBytes(MAX_BYTES + 1);
                if (answer.statusCode() != 200 || bytes.length > MAX_BYTES) {
                    throw new UnusableFileException(
                            "auth.jwt.keys: %s answers %d with %d bytes (expected: 200, at most %d)"
                                    .formatted(address, answer.statusCode(), bytes.length, MAX_BYTES));
                }
                return bytes;
            }
        }
    }
}
