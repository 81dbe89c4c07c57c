/** Tests of the AsyncAPI document. */
@NullMarked
package dev.realtime.spring.asyncapi;

import org.jspecify.annotations.NullMarked;
