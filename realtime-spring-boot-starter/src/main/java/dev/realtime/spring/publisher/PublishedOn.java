package dev.realtime.spring.publisher;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Publishes application events of a type on a topic: whatever an application passes to
 * {@link org.springframework.context.ApplicationEventPublisher} is also published as a
 * message, if its class has this annotation.
 *
 * <pre class="code">
 * &#064;PublishedOn("order.{orderId}")
 * record OrderPacked(String orderId, int items) {
 * }
 * </pre>
 *
 * The event becomes the payload as with {@link TopicPublisher}: text and bytes as they
 * are, objects as JSON by the application's converter. A placeholder names a record
 * component, a bean property or a method of the event, and may go on into theirs, such as
 * <code>{customer.id}</code>. <code>{payload}</code> is the payload, as with
 * {@link TopicPublisher}, which also explains what a value may contain.
 * <p>
 * Without a transaction, {@code publishEvent} returns when the message is stored, and
 * throws {@link dev.realtime.PublishException} if it could not be. In a transaction the
 * event is converted at once, so that what is wrong with it rolls back. If the durable
 * log keeps the topic, the message is then a part of the transaction. Otherwise it is
 * published after commit, and a failure is logged and counted, because the transaction
 * cannot be undone.
 * <p>
 * Subclasses and implementations inherit the annotation, and may have their own instead.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface PublishedOn {

	/** The topic, with placeholders, such as <code>order.{orderId}</code>. */
	String value();

	/**
	 * The property of the event that is published instead of the whole event, such as
	 * {@code order.summary}. Required for a subclass of
	 * {@link org.springframework.context.ApplicationEvent}, whose source is no payload. A
	 * {@link org.springframework.context.PayloadApplicationEvent} has its payload as the
	 * default.
	 */
	String payload() default "";

	/** The messages' type; not set when empty. */
	String type() default "";

	/**
	 * The message's id, with placeholders: the same id is published once within the
	 * topic's idempotency window. None when empty.
	 */
	String id() default "";

	/**
	 * The name of the user who caused the event, with placeholders: a user's own messages
	 * do not count as unread for that user. None when empty, or when a placeholder's
	 * value is null.
	 */
	String sender() default "";

	/**
	 * Whether every subscriber gets it, whatever the topic's rate
	 * ({@code realtime.topics.<name>.rate}).
	 */
	boolean important() default false;

}
