package io.foresell.training;

import io.foresell.training.serve.process.TrainProcess;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Runs one training and ends: {@code java -cp foresell-training-service.jar io.foresell.training.TrainMain [file.properties]}. What it is
 * told, says and leaves behind is in {@code docs/training-job.md}.
 */
public final class TrainMain {
    private TrainMain() {}

    public static void main(String[] arguments) {
        PrintStream events = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(System.err); // standard output is for events alone
        System.exit(TrainProcess.run(arguments, System.getenv(), events, System.in));
    }
}
