package io.foresell.inference.route;

/** Holds the table in force. Read by every request, written only by the load lane. */
public final class RouteBoard {
    private volatile RouteTable table = RouteTable.EMPTY; // written only by the load lane's thread

    /** Returns the table in force; read it once per request. */
    public RouteTable current() {
        return table;
    }

    /** Replaces the slot of one model by one reference write. Called by the load lane's thread only. */
    public void publish(ModelSlot slot) {
        table = table.with(slot);
    }

    /** Takes the slot of a model out by one reference write. Called by the load lane's thread only. */
    public void withdraw(String model) {
        table = table.without(model);
    }
}
