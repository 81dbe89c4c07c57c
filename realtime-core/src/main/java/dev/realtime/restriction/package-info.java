/**
 * What users, tokens and connections may no longer do, on all nodes, until it expires.
 * Imports the root package only.
 */
@NullMarked
package dev.realtime.restriction;

import org.jspecify.annotations.NullMarked;
