package io.foresell.standalone.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A caller of HTTP/1.1 that sends bytes as they are, each request over a connection of its own. */
final class RestWire {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int MAX_ANSWER_BYTES = 32 << 20;

    private final int port;

    RestWire(int port) {
        this.port = port;
    }

    /**
     * What came back.
     *
     * @param status 0 when the connection was closed without an answer
     * @param broken why there is no whole answer; empty when there is one
     */
    record Answer(int status, Map<String, String> headers, String body, String broken) {
        String type() {
            return headers.getOrDefault("content-type", "");
        }
    }

    Answer send(byte[] request) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            write(socket, request);
            return read(new BufferedInputStream(socket.getInputStream()));
        } catch (SocketTimeoutException e) {
            return new Answer(0, Map.of(), "", "nothing within " + PATIENCE_MILLIS + " ms");
        }
    }

    /** A server may answer and close before it has read everything. */
    private static void write(Socket socket, byte[] request) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
        } catch (IOException e) {
            return;
        }
    }

    private static Answer read(InputStream in) throws IOException {
        try {
            String first = line(in);
            if (first.isEmpty()) {
                return new Answer(0, Map.of(), "", "closed");
            }
            int status = Integer.parseInt(first.split(" ")[1]);
            Map<String, String> headers = new TreeMap<>();
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            if (status == 100) {
                return read(in); // go on, it says
            }
            return new Answer(status, headers, body(in, headers), "");
        } catch (java.net.SocketException e) {
            return new Answer(0, Map.of(), "", "reset");
        }
    }

    private static String body(InputStream in, Map<String, String> headers) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                body.writeBytes(in.readNBytes(size));
                line(in);
            }
        } else if (headers.containsKey("content-length")) {
            body.writeBytes(in.readNBytes(Math.min(MAX_ANSWER_BYTES, Integer.parseInt(headers.get("content-length")))));
        } else {
            body.writeBytes(in.readNBytes(MAX_ANSWER_BYTES));
        }
        return body.toString(StandardCharsets.ISO_8859_1);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            if (octet != '\r') {
                line.write(octet);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
