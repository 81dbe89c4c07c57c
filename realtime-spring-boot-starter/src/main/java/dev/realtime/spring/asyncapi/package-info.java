/**
 * An AsyncAPI document of what clients may subscribe to and send. Imports the core's root
 * and json packages, and the starter's properties and publisher.
 * <p>
 * API: {@link dev.realtime.spring.asyncapi.AsyncApiCustomizer}.
 */
@NullMarked
package dev.realtime.spring.asyncapi;

import org.jspecify.annotations.NullMarked;
