package io.foresell.model.kernel;

/** A product with a constant matrix, laid out for the machine. Each row gives the same bits alone and among others. */
public interface Dense {
    /** Returns the floats that a row reads. */
    int inputs();

    /** Returns the floats that a row writes. */
    int outputs();

    /** Computes one row. */
    void run(float[] x, int from, float[] y, int to);

    /** Adds the product of one row to what stands at {@code to}, without bias. */
    void addTo(float[] x, int from, float[] y, int to);

    /** Computes rows that follow each other without gaps, into rows that do. */
    void runRows(float[] x, int from, int rowCount, float[] y, int to);

    /** Computes one row in each of the first arrays, at the same places. */
    void runBlock(float[][] memories, int rowCount, int from, int to);
}
