package dev.realtime.spring.publisher;

import java.util.List;

import dev.realtime.IllegalTopicException;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.RealtimePublisher;
import dev.realtime.spring.publisher.app.Greetings;
import dev.realtime.spring.publisher.app.RoomEvent;
import dev.realtime.spring.publisher.app.RoomTopics;
import dev.realtime.spring.publisher.broken.Misspelt;
import dev.realtime.spring.testing.FakeTransactions;
import dev.realtime.spring.testing.RecordingPublisher;
import dev.realtime.spring.testing.TextConverter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Application events that are published. */
class PublishedOnTests {

	private final RecordingPublisher published = new RecordingPublisher();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(TopicPublisherAutoConfiguration.class, SwitchedOffAutoConfiguration.class))
		.withBean("greeter", Greetings.class, Greeter::new)
		.withBean(RealtimePublisher.class, () -> this.published)
		.withBean(PlatformTransactionManager.class, () -> new FakeTransactions(this.published))
		.withBean("brokerMessageConverter", MessageConverter.class, TextConverter::new)
		.withUserConfiguration(Application.class);

	@Test
	void anEventIsAMessageWithAllThatItsTypeDeclares() {
		this.runner.run((context) -> {
			context.publishEvent(new Placed("7", new Customer("ada"), "ann"));
			context.publishEvent(new Placed("8", new Customer("eve"), null));
			assertThat(this.published.lines()).containsExactly(
					"order.ada.7: converted Placed[id=7, customer=Customer[name=ada], by=ann]",
					"order.eve.8: converted Placed[id=8, customer=Customer[name=eve], by=null]");
			Publication first = this.published.published().get(0);
			assertThat(first.id()).isEqualTo("placed-7");
			assertThat(first.sender()).isEqualTo("ann");
			assertThat(first.content().type()).isEqualTo("placed");
			assertThat(first.important()).isTrue();
			assertThat(this.published.published().get(1).sender()).isNull();
		});
	}

	@Test
	void subtypesInheritTheTopicOrHaveTheirOwn() {
		this.runner.run((context) -> {
			context.publishEvent(new RoomEvent.Entered("1", "ada"));
			context.publishEvent(new RoomEvent.Closed("1"));
			context.publishEvent(new Special());
			assertThat(topics()).containsExactly("room.1", "closed.1", "bean.b1");
		});
	}

	@Test
	void genericTypesAreReadAtRunTime() {
		this.runner.run((context) -> {
			context.publishEvent(new Changed<>(new Customer("ada")));
			assertThat(this.published.lines()).containsExactly("changed.ada: converted Customer[name=ada]");
		});
	}

	@Test
	void eventsOfSpringsOwnClassesPublishTheirPayload() {
		this.runner.run((context) -> {
			context.publishEvent(new Wrapped<>(this, new Customer("ada")));
			context.publishEvent(new Occurred(this, "7"));
			context.publishEvent(new PayloadApplicationEvent<>(this, new RoomEvent.Entered("2", "ada")));
			context.publishEvent(new PayloadApplicationEvent<Object>(this, new RoomEvent.Closed("2"),
					ResolvableType.forClass(Object.class)));
			assertThat(this.published.lines()).containsExactly("wrapped.ada: converted Customer[name=ada]",
					"occurred.7: what", "room.2: converted Entered[room=2, user=ada]",
					"closed.2: converted Closed[room=2]");
		});
	}

	@Test
	void otherEventsAreNotPublishedAndMostlyNotEvenSeen() {
		PublishedEventListener listener = new PublishedEventListener(new CommitAwarePublisher(() -> this.published),
				() -> new PayloadConverter(TextConverter::new));
		assertThat(listener.supportsEventType(ResolvableType.forClass(ContextRefreshedEvent.class))).isFalse();
		assertThat(listener.supportsEventType(carrying(String.class))).isFalse();
		assertThat(listener.supportsEventType(carrying(Customer.class))).isFalse();
		assertThat(listener.supportsEventType(carrying(Placed.class))).isTrue();
		assertThat(listener.supportsEventType(carrying(Object.class))).isTrue();
		this.runner.run((context) -> {
			context.publishEvent(new Object());
			context.publishEvent("text");
			assertThat(this.published.published()).isEmpty();
		});
	}

	@Test
	void rule2_withoutATransactionThePublisherOfTheEventGetsTheFailure() {
		this.runner.run((context) -> {
			this.published.failWith(new IllegalStateException("away"));
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> context.publishEvent(new RoomEvent.Closed("1")));
			assertThatExceptionOfType(IllegalTopicException.class)
				.isThrownBy(() -> context.publishEvent(new RoomEvent.Closed("1.2")))
				.withMessageContaining("{room}");
		});
	}

	@Test
	void inATransactionItIsPublishedAfterTheCommitAndNeverAfterARollback() {
		this.runner.run((context) -> {
			inTransaction(context, () -> context.publishEvent(new RoomEvent.Closed("1")), false);
			assertThat(context.getBean(FakeTransactions.class).publishedAtCommit()).isZero();
			inTransaction(context, () -> context.publishEvent(new RoomEvent.Closed("2")), true);
			assertThat(topics()).containsExactly("closed.1");
		});
	}

	@Test
	void whatIsWrongWithAnEventRollsItsTransactionBack() {
		this.runner.run((context) -> {
			assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(
					() -> inTransaction(context, () -> context.publishEvent(new RoomEvent.Closed("1.2")), false));
			assertThat(context.getBean(FakeTransactions.class).events()).isEqualTo("begin rollback ");
		});
	}

	@Test
	void aConverterThatMistakesTheEventsClassIsAFailure() {
		PublishedEventListener listener = new PublishedEventListener(new CommitAwarePublisher(() -> this.published),
				() -> {
					throw new ClassCastException("class " + RoomEvent.Closed.class.getName() + " cannot be cast");
				});
		ApplicationEvent closed = new PayloadApplicationEvent<>(this, new RoomEvent.Closed("1"));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> listener.onApplicationEvent(closed))
			.withCauseInstanceOf(ClassCastException.class);
	}

	@Test
	void aFailureAfterTheCommitIsCountedAndDoesNotReachThePublisher() {
		this.runner.run((context) -> {
			this.published.failWith(new IllegalStateException("away"));
			inTransaction(context, () -> context.publishEvent(new RoomEvent.Closed("1")), false);
			assertThat(context.getBean(CommitAwarePublisher.class).failuresAfterCommit()).isEqualTo(1);
		});
	}

	@Test
	void anAsynchronousMulticasterDoesNotTakeTheEventOutOfItsTransaction() {
		SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
		multicaster.setTaskExecutor(new SimpleAsyncTaskExecutor());
		this.runner
			.withBean(AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME,
					ApplicationEventMulticaster.class, () -> multicaster)
			.run((context) -> {
				inTransaction(context, () -> context.publishEvent(new RoomEvent.Closed("1")), true);
				inTransaction(context, () -> context.publishEvent(new RoomEvent.Closed("2")), false);
				assertThat(topics()).containsExactly("closed.2");
			});
	}

	@Test
	void anEventOfAChildContextIsPublishedOnce() {
		this.runner.run((parent) -> this.runner.withParent(parent).run((child) -> {
			child.publishEvent(new RoomEvent.Closed("1"));
			assertThat(topics()).containsExactly("closed.1");
		}));
	}

	@Test
	void nothingIsPublishedWhenSwitchedOff() {
		this.runner.withPropertyValues("realtime.enabled=false").run((context) -> {
			context.publishEvent(new RoomEvent.Closed("1"));
			assertThat(this.published.published()).isEmpty();
		});
	}

	@Test
	void aTypeInTheApplicationsPackagesThatCannotWorkStopsTheStart() {
		this.runner.withUserConfiguration(Broken.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidPublishedOnException.class)
				.hasMessageContaining("@PublishedOn on " + Misspelt.class.getName() + ": nothing fills {oderId}"));
	}

	@Test
	void aTypeElsewhereThatCannotWorkFailsAtItsFirstEvent() {
		this.runner.run((context) -> assertThatExceptionOfType(InvalidPublishedOnException.class)
			.isThrownBy(() -> context.publishEvent(new Misspelt("1"))));
	}

	@Test
	void aDeclarationSaysWhyItCannotWork() {
		assertInvalid(IllegalTopic.class, "\"order.{\" is neither legal text nor a placeholder");
		assertInvalid(Reserved.class, "_presence");
		assertInvalid(NoSuchPayload.class, "nothing fills the payload: " + NoSuchPayload.class.getName()
				+ " has no readable property \"summary\"");
		assertInvalid(NoSuchPartOfThePayload.class, "nothing fills {payload.nick}");
		assertInvalid(WithASource.class, "name the property to publish with payload = \"...\"");
		assertInvalid(OfTwoFamilies.class, "it inherits the annotation from several types");
	}

	@Test
	void aPayloadThatIsMissingIsAFailure() {
		this.runner.run((context) -> assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> context.publishEvent(new Changed<>(null)))
			.withMessageContaining("The payload \"entity\""));
	}

	private List<String> topics() {
		return this.published.published().stream().map((publication) -> publication.topic().name()).toList();
	}

	private static void assertInvalid(Class<?> type, String why) {
		assertThatExceptionOfType(InvalidPublishedOnException.class).isThrownBy(() -> PublishedEvents.of(type))
			.withMessageStartingWith("@PublishedOn on " + type.getName() + ": ")
			.withMessageContaining(why);
	}

	private static ResolvableType carrying(Class<?> payload) {
		return ResolvableType.forClassWithGenerics(PayloadApplicationEvent.class, payload);
	}

	private static void inTransaction(ApplicationContext context, Runnable work, boolean rollback) {
		new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).executeWithoutResult((status) -> {
			work.run();
			if (rollback) {
				status.setRollbackOnly();
			}
		});
	}

	static class Greeter implements Greetings {

		@Override
		public String greet(String name) {
			return name;
		}

	}

	record Customer(String name) {
	}

	@PublishedOn(value = "order.{customer.name}.{id}", id = "placed-{id}", sender = "{by}", type = "placed",
			important = true)
	record Placed(String id, Customer customer, @Nullable String by) {
	}

	@PublishedOn("bean.{key}")
	static class Bean {

		public String getKey() {
			return "b1";
		}

	}

	static class Special extends Bean {

	}

	@PublishedOn(value = "changed.{payload.name}", payload = "entity")
	record Changed<T>(@Nullable T entity) {
	}

	@PublishedOn("wrapped.{payload.name}")
	static class Wrapped<T> extends PayloadApplicationEvent<T> {

		Wrapped(Object source, T payload) {
			super(source, payload);
		}

	}

	@PublishedOn(value = "occurred.{key}", payload = "what")
	static class Occurred extends ApplicationEvent {

		private final String key;

		Occurred(Object source, String key) {
			super(source);
			this.key = key;
		}

		public String getKey() {
			return this.key;
		}

		public String getWhat() {
			return "what";
		}

	}

	@PublishedOn("order.{")
	static class IllegalTopic {

	}

	@PublishedOn("_presence.room")
	static class Reserved {

	}

	@PublishedOn(value = "order", payload = "summary")
	static class NoSuchPayload {

	}

	@PublishedOn("wrapped.{payload.nick}")
	static class NoSuchPartOfThePayload extends Wrapped<Customer> {

		NoSuchPartOfThePayload(Customer payload) {
			super(payload, payload);
		}

	}

	@PublishedOn("order")
	static class WithASource extends ApplicationEvent {

		WithASource() {
			super("source");
		}

	}

	@PublishedOn("other")
	interface OtherFamily {

	}

	static class OfTwoFamilies extends Bean implements OtherFamily {

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = RoomTopics.class)
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Misspelt.class)
	static class Broken {

	}

}
