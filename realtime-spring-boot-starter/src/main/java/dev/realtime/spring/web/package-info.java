/**
 * Backfill and presence over HTTP. Imports the core's root, log, broker and presence
 * packages, and the starter's properties and security.
 */
@NullMarked
package dev.realtime.spring.web;

import org.jspecify.annotations.NullMarked;
