package io.foresell.feature.define;

/** One thing that features describe, such as a customer. */
public record EntityDefinition(String name, String description) implements Definition {
    @Override
    public Space space() {
        return Space.ENTITY;
    }

    @Override
    public String kindName() {
        return "entity";
    }

    @Override
    public EntityDefinition withoutDescriptions() {
        return new EntityDefinition(name, "");
    }
}
