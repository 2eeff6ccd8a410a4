package io.foresell.store.embedded;

import java.nio.file.Path;

/** A process of its own that holds a store until it is killed. Prints the connection string. */
final class StoreProcess {
    private StoreProcess() {}

    @SuppressWarnings("resource") // open until killed
    public static void main(String[] arguments) throws InterruptedException {
        System.out.println(EmbeddedStore.open(Path.of(arguments[0])).uri());
        Thread.sleep(120_000);
    }
}
