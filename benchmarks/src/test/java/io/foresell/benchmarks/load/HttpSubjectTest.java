package io.foresell.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the JDK's server, over real sockets. */
final class HttpSubjectTest {
    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final Set<String> bodies = ConcurrentHashMap.newKeySet();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("localhost", 0), 64);
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        workers.shutdownNow();
    }

    /** The path says what to answer: the status, and how. */
    private void answer(HttpExchange call) throws IOException {
        try (call) {
            String path = call.getRequestURI().getPath();
            bodies.add(new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] body = "words ".repeat(path.contains("long") ? 50_000 : 3).getBytes(StandardCharsets.UTF_8);
            if (path.contains("close")) {
                call.getResponseHeaders().set("Connection", "close");
            }
            call.sendResponseHeaders(Integer.parseInt(path.substring(1, 4)), path.contains("chunks") ? 0 : body.length);
            try (OutputStream out = call.getResponseBody()) {
                out.write(body, 0, 7);
                out.flush();
                out.write(body, 7, body.length - 7);
            }
        }
    }

    private HttpSubject post(String path, String body) {
        URI address =
                URI.create("http://localhost:%d%s".formatted(server.getAddress().getPort(), path));
        return HttpSubject.post("post", address, body.getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", "x/y"));
    }

    private static Reply call(Subject subject) throws Exception {
        return subject.call().get(20, TimeUnit.SECONDS);
    }

    @Test
    void readsAnswersOfEveryLengthOneAfterTheOther() throws Exception {
        for (String path : List.of("/200", "/200/chunks", "/200/long", "/200/long/chunks", "/200/close")) {
            HttpSubject subject = post(path, "question");
            for (int i = 0; i < 5; i++) {
                assertThat(call(subject)).as(path).isEqualTo(Reply.ANSWERED);
            }
        }
        assertThat(bodies).containsExactly("question");
    }

    @Test
    void sendsLongBodiesWhole() throws Exception {
        String body = "0123456789".repeat(300_000);
        assertThat(call(post("/200", body))).isEqualTo(Reply.ANSWERED);
        assertThat(bodies).containsExactly(body);
    }

    @Test
    void tellsRefusalsAndFailuresApart() throws Exception {
        assertThat(call(post("/429", "")).outcome()).isEqualTo(Reply.Outcome.REFUSED);
        Reply failed = call(post("/503", "x"));
        assertThat(failed.outcome()).isEqualTo(Reply.Outcome.FAILED);
        assertThat(failed.detail()).startsWith("status 503: words");
    }

    @Test
    void aServerThatIsGoneIsAFailure() throws Exception {
        HttpSubject subject = post("/200", "x");
        assertThat(call(subject)).isEqualTo(Reply.ANSWERED);
        server.stop(0);
        assertThat(call(subject).outcome()).isEqualTo(Reply.Outcome.FAILED);
    }

    /** As a server does whose connections were idle for too long, all at once, just when a call goes out. */
    @Test
    void connectionsThatTheServerClosesIdleCostNoCall() throws Exception {
        int connections = 3;
        try (ServerSocket closing = new ServerSocket(0)) {
            workers.execute(() -> {
                List<Socket> open = Stream.generate(() -> accept(closing))
                        .limit(connections)
                        .toList();
                // Answered only now, so that no call takes the connection of another, and all lie idle together.
                open.forEach(socket -> workers.execute(() -> answerOnce(socket)));
                answerOnce(accept(closing));
            });
            HttpSubject subject = HttpSubject.get(
                    "get", List.of(URI.create("http://localhost:%d/".formatted(closing.getLocalPort()))));
            for (CompletableFuture<Reply> first :
                    Stream.generate(subject::call).limit(connections).toList()) {
                assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(Reply.ANSWERED);
            }
            assertThat(call(subject)).isEqualTo(Reply.ANSWERED);
        }
    }

    private static Socket accept(ServerSocket server) {
        try {
            return server.accept();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers the first request of a connection and closes it at the next one. */
    private static void answerOnce(Socket connection) {
        try (connection) {
            byte[] request = new byte[4096];
            if (connection.getInputStream().read(request) > 0) {
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
                connection.getInputStream().read(request);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void carriesManyCallsAtOnce() throws Exception {
        LoadResult result = LoadGenerator.saturate(post("/200/chunks", "q"), 32, Duration.ofMillis(400));
        assertThat(result.failedCount()).isZero();
        assertThat(result.answeredCount()).isGreaterThanOrEqualTo(32);
    }

    @Test
    void anAnswerIsWholeWithItsLastByteAndNotBefore() {
        for (String text : List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n")) {
            HttpAnswer answer = new HttpAnswer();
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            for (int i = 0; i < bytes.length; i++) {
                assertThat(answer.isWhole()).as("%d bytes of %s", i, text).isFalse();
                answer.take(ByteBuffer.wrap(bytes, i, 1));
            }
            assertThat(answer.isWhole()).as(text).isTrue();
        }
    }
}
