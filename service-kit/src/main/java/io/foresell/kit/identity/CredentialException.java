package io.foresell.kit.identity;

/** A caller did not prove who it is. Made for every refused call, so it carries no stack. */
public final class CredentialException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What the caller should do next. */
    public enum Kind {
        /** Send a credential. */
        MISSING,
        /** Get another credential. */
        REFUSED,
        /** Try again: the keys of the issuer are being fetched. */
        KEYS_AWAY
    }

    private final Kind kind;

    CredentialException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
