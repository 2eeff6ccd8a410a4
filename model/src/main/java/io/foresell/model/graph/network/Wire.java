package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value while its network is written: its names in the graph, one for each order of dimensions that some layer asked
 * for, so that recurrent and convolutional layers do not transpose back and forth. Vectors and images have one order only.
 */
final class Wire {
    /** Orders of the dimensions N (batch), C (channels) and L (length). */
    enum Order {
        /** [N, channels, length], [N, channels, height, width] or [N, width]. */
        CHANNELS_FIRST("NCL"),
        /** [N, length, channels]. */
        CHANNELS_LAST("NLC"),
        /** [length, N, channels]. */
        TIME_FIRST("LNC");

        private final String dimensions;

        Order(String dimensions) {
            this.dimensions = dimensions;
        }
    }

    private final GraphBuilder graph;
    private final Shape shape;
    private final boolean isOnlyLastStepRead;
    private final Map<Order, String> names = new EnumMap<>(Order.class);
    private @Nullable String lastStep;

    Wire(GraphBuilder graph, Shape shape, boolean isOnlyLastStepRead) {
        this.graph = graph;
        this.shape = shape;
        this.isOnlyLastStepRead = isOnlyLastStepRead;
    }

    GraphBuilder graph() {
        return graph;
    }

    Shape shape() {
        return shape;
    }

    /** Returns whether a recurrent layer may leave out all steps but the last. */
    boolean isOnlyLastStepRead() {
        return isOnlyLastStepRead;
    }

    void set(Order order, String name) {
        names.put(order, name);
    }

    /** Names a value in the order that all shapes have. */
    void set(String name) {
        names.put(Order.CHANNELS_FIRST, name);
    }

    /** Names the last step [N, channels]; then no other is there. */
    void setLastStep(String name) {
        lastStep = name;
    }

    /** Returns the last step [N, channels], or null when it has to be picked. */
    @Nullable
    String lastStep() {
        return lastStep;
    }

    /** Returns an order in which the value is there without a further node. */
    Order anyOrder() {
        return names.keySet().iterator().next();
    }

    String name() {
        return name(Order.CHANNELS_FIRST);
    }

    String name(Order order) {
        String name = names.get(order);
        if (name == null) {
            Order from = anyOrder();
            List<Long> permutation = new ArrayList<>();
            for (char dimension : order.dimensions.toCharArray()) {
                permutation.add((long) from.dimensions.indexOf(dimension));
            }
            name = graph.node("Transpose", List.of(names.get(from)), GraphBuilder.integers("perm", permutation));
            names.put(order, name);
        }
        return name;
    }

    /** Returns where the steps of a sequence are in an order. */
    static int lengthAxis(Order order) {
        return order.dimensions.indexOf('L');
    }
}
