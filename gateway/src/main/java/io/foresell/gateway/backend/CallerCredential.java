package io.foresell.gateway.backend;

import jakarta.enterprise.context.RequestScoped;

/** What the caller of this request sent to say who it is: services ask for it, and the gateway has no rights of its own. */
@RequestScoped
public class CallerCredential {
    private String authorization = "";

    /** Returns the header as it came; empty when there was none. */
    public String authorization() {
        return authorization;
    }

    public void set(String authorization) {
        this.authorization = authorization;
    }
}
