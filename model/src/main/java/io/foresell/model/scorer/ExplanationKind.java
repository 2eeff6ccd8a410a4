package io.foresell.model.scorer;

/** How the contributions of the inputs are computed. */
public enum ExplanationKind {
    /** As the engine sees fit: exact for linear models, path-dependent for trees, else by occlusion. */
    AUTOMATIC,
    /** TreeSHAP over the shares of training rows that went each way in the trees. */
    PATH_DEPENDENT,
    /** TreeSHAP against sample rows. */
    INTERVENTIONAL,
    /** Each input in turn replaced by its ordinary value; does not add up. */
    OCCLUSION
}
