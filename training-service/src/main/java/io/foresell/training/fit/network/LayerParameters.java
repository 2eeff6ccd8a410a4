package io.foresell.training.fit.network;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The fitted arrays of one DL4J layer by DL4J's names, copied out of native memory row-major. */
final class LayerParameters {
    private final String layer;
    private final Map<String, INDArray> arrays;

    LayerParameters(String layer, Map<String, INDArray> arrays) {
        this.layer = layer;
        this.arrays = arrays;
    }

    /** Returns the layer's name, for messages. */
    String layer() {
        return layer;
    }

    /** Returns the arrays whose name starts with a prefix, without it. */
    LayerParameters under(String prefix) {
        Map<String, INDArray> chosen = new HashMap<>();
        arrays.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                chosen.put(name.substring(prefix.length()), array);
            }
        });
        return new LayerParameters(layer, chosen);
    }

    /** Returns the arrays whose name ends with a suffix, without it. */
    LayerParameters before(String suffix) {
        Map<String, INDArray> chosen = new HashMap<>();
        arrays.forEach((name, array) -> {
            if (name.endsWith(suffix)) {
                chosen.put(name.substring(0, name.length() - suffix.length()), array);
            }
        });
        return new LayerParameters(layer, chosen);
    }

    boolean has(String name) {
        return arrays.containsKey(name);
    }

    int size(String name, int axis) {
        return (int) array(name).size(axis);
    }

    float[] rowMajor(String name) {
        return array(name).dup('c').data().asFloat();
    }

    /** Returns a matrix [rows, columns] as [columns, rows]. */
    float[] transposed(String name) {
        return array(name).transpose().dup('c').data().asFloat();
    }

    /** Returns the array, or zeros when the layer goes without. */
    float[] rowMajorOrZeros(String name, int count) {
        return has(name) ? rowMajor(name) : new float[count];
    }

    private INDArray array(String name) {
        INDArray array = arrays.get(name);
        if (array == null) {
            throw new UnsupportedLayerException(
                    layer, "parameters " + new TreeSet<>(arrays.keySet()), "parameters with " + name);
        }
        return array;
    }
}
