package io.foresell.inference.audit;

/** What callers may order a server to do with a model. */
public enum ControlAction {
    /** To load it. */
    LOAD,
    /** To take it out of memory. */
    UNLOAD
}
