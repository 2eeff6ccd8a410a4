package io.foresell.training.run;

import io.foresell.model.pack.ModelPackage;
import io.foresell.model.scorer.Scorer;

/** The champion's package, opened to score rows. Not thread-safe; closing it frees what its engine holds. */
public interface ChampionModel extends AutoCloseable {
    /** Opens the package when it is needed, which it often is not. */
    @FunctionalInterface
    interface Source {
        /**
         * Opens the package.
         *
         * @throws io.foresell.model.PackageException when no engine here answers its golden rows
         */
        ChampionModel open();
    }

    /** Returns what was read. */
    ModelPackage modelPackage();

    /** Returns what answers. */
    Scorer scorer();

    @Override
    void close();
}
