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

    /** Puts a parked release in the place of a model's slot by one reference write. Called by the load lane's thread only. */
    public void park(ParkedRelease release) {
        table = table.with(release);
    }

    /** Takes a model out, in memory or parked, by one reference write. Called by the load lane's thread only. */
    public void withdraw(String model) {
        table = table.without(model);
    }
}
