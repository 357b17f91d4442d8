package io.pveha.core.plan;

/** What makes two steps the same: the action and what it is about. */
public record StepKey(String action, String subject) {}
