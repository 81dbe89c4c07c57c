package dev.realtime.spring.publisher;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.IllegalTopicException;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.spring.publisher.app.Greetings;
import dev.realtime.spring.publisher.app.OrderService;
import dev.realtime.spring.publisher.app.RoomTopics;
import dev.realtime.spring.testing.FakeTransactions;
import dev.realtime.spring.testing.RecordingPublisher;
import dev.realtime.spring.testing.TextConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TopicPublisherAutoConfigurationTests {

	private final RecordingPublisher published = new RecordingPublisher();

	private RealtimePublisher application = this.published;

	private ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(TopicPublisherAutoConfiguration.class, SwitchedOffAutoConfiguration.class))
		.withBean(RealtimePublisher.class, () -> this.application)
		.withUserConfiguration(Application.class);

	@Test
	void makesABeanOfAnInterfaceInTheApplicationsPackages() {
		this.runner.withBean("greeter", Greetings.class, () -> new Greeter()).run((context) -> {
			context.getBean("roomTopics", RoomTopics.class).posted("42", "hi");
			assertThat(this.published.lines()).containsExactly("room.42: hi");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void leavesAnInterfaceToTheBeanThatImplementsIt(boolean proxyTargetClass) {
		this.runner.withPropertyValues("spring.aop.proxy-target-class=" + proxyTargetClass)
			.withBean("greeter", Greetings.class, () -> new Greeter())
			.run((context) -> {
				assertThat(context.getBean("greeter") instanceof Greeter).isEqualTo(proxyTargetClass);
				assertThat(context).hasSingleBean(Greetings.class);
				assertThat(context.getBean(Greetings.class).greet("ada")).isEqualTo("hello ada");
				assertThat(this.published.lines()).containsExactly("greetings.ada: hello ada");
			});
	}

	@Test
	void anInterfaceThatCannotWorkStopsTheStart() {
		this.runner.run((context) -> assertThat(context).hasFailed()
			.getFailure()
			.isInstanceOf(InvalidTopicPublisherException.class)
			.hasMessageContaining("Greetings.greet(String): it has no payload"));
	}

	@Test
	void aPayloadThatNoConverterTakesIsAFailureOfTheCall() {
		this.runner.withBean("greeter", Greetings.class, () -> new Greeter())
			.withBean(MessageConverter.class, StringMessageConverter::new)
			.withBean(OrderService.class, OrderService::new)
			.run((context) -> assertThatExceptionOfType(MessageConversionException.class)
				.isThrownBy(() -> context.getBean(OrderService.class).find("1"))
				.withMessageContaining(OrderService.Order.class.getName()));
	}

	@Test
	void methodsOfBeansJustRunWhenSwitchedOff() {
		this.runner.withPropertyValues("realtime.enabled=false")
			.withBean("greeter", Greetings.class, () -> new Greeter())
			.withBean(OrderService.class, OrderService::new)
			.run((context) -> {
				assertThat(context.getBean(OrderService.class).place("1", "new")).isEqualTo("new");
				assertThat(this.published.published()).isEmpty();
			});
	}

	@Test
	void publishesWhatABeansMethodReturned() {
		orders((context, orders) -> {
			assertThat(orders.place("1", "new")).isEqualTo("new");
			orders.place("2", null);
			orders.find("3");
			orders.find("");
			assertThat(this.published.lines()).containsExactly("order.1: new", "order.3: converted Order 3");
		});
	}

	@Test
	void withoutTransactionTheCallerGetsTheFailure() {
		orders((context, orders) -> {
			assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> orders.place("a.b", "x"));
			this.published.failWith(new IllegalStateException("away"));
			assertThatExceptionOfType(PublishException.class).isThrownBy(() -> orders.place("1", "x"));
		});
	}

	@Test
	void publishesAFuturesValueBeforeTheCallerSeesItDone() {
		orders((context, orders) -> {
			CompletableFuture<OrderService.Order> order = new CompletableFuture<>();
			CompletableFuture<OrderService.Order> returned = orders.later(order);
			assertThat(this.published.lines()).isEmpty();
			order.complete(new OrderService.Order("7"));
			assertThat(returned).isCompletedWithValue(new OrderService.Order("7"));
			assertThat(this.published.lines()).containsExactly("order.7: converted Order 7");
		});
	}

	@Test
	void publishesAfterTheMethodsOwnTransactionCommitted() {
		orders((context, orders) -> {
			orders.change("1", () -> assertThat(transactions(context).events()).isEqualTo("begin "));
			assertThat(transactions(context).events()).isEqualTo("begin commit ");
			assertThat(transactions(context).publishedAtCommit()).isZero();
			assertThat(this.published.lines()).containsExactly("order.1: changed");
		});
	}

	@Test
	void publishesAfterTheOuterTransactionCommitted() {
		orders((context, orders) -> {
			inTransaction(context, () -> {
				orders.change("1", () -> {
				});
				orders.place("2", "placed");
				assertThat(orders.later(CompletableFuture.completedFuture(new OrderService.Order("3")))).isDone();
				assertThat(this.published.lines()).isEmpty();
			});
			assertThat(this.published.lines()).containsExactly("order.1: changed", "order.2: placed",
					"order.3: converted Order 3");
		});
	}

	@Test
	void publishesAtOnceWhenTheTransactionHasCommitted() {
		orders((context, orders) -> {
			inTransaction(context,
					() -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
						@Override
						public void afterCommit() {
							orders.place("1", "late");
							assertThat(TopicPublisherAutoConfigurationTests.this.published.lines())
								.containsExactly("order.1: late");
						}
					}));
			assertThat(this.published.lines()).containsExactly("order.1: late");
		});
	}

	@Test
	void publishesAfterTheCommitOfATransactionThatAnAfterCommitCallbackBegins() {
		orders((context, orders) -> {
			inTransaction(context,
					() -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
						@Override
						public void afterCommit() {
							TransactionTemplate inner = new TransactionTemplate(transactions(context));
							inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
							inner.executeWithoutResult((status) -> {
								orders.place("1", "in the inner one");
								assertThat(TopicPublisherAutoConfigurationTests.this.published.lines()).isEmpty();
							});
							assertThat(TopicPublisherAutoConfigurationTests.this.published.lines()).hasSize(1);
							orders.place("2", "in the callback");
							assertThat(TopicPublisherAutoConfigurationTests.this.published.lines()).hasSize(2);
						}
					}));
			assertThat(this.published.lines()).hasSize(2);
		});
	}

	@Test
	void whatARollbackToASavepointUndoesIsNotPublished() {
		orders((context, orders) -> {
			TransactionTemplate nested = new TransactionTemplate(transactions(context));
			nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
			inTransaction(context, () -> {
				orders.place("1", "kept");
				nested.executeWithoutResult((status) -> {
					orders.place("2", "undone");
					status.setRollbackOnly();
				});
				nested.executeWithoutResult((status) -> orders.place("3", "kept"));
			});
			assertThat(this.published.lines()).containsExactly("order.1: kept", "order.3: kept");
		});
	}

	@Test
	void publishesAfterItsOwnCommitAlthoughTheOuterTransactionRollsBack() {
		orders((context, orders) -> {
			assertThatIllegalArgumentException().isThrownBy(() -> inTransaction(context, () -> {
				orders.change("1", () -> {
				});
				orders.audit("2");
				assertThat(this.published.lines()).containsExactly("audit.2: audited");
				throw new IllegalArgumentException("no");
			}));
			assertThat(this.published.lines()).containsExactly("audit.2: audited");
		});
	}

	@Test
	void whatCannotBePublishedRollsBack() {
		orders((context, orders) -> {
			assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> orders.change("a.b", () -> {
			}));
			assertThat(transactions(context).events()).isEqualTo("begin rollback ");
		});
	}

	@Test
	void whatBreaksALimitRollsBack() {
		GuardedPublisher engine = new GuardedPublisher(this.published, 3, 1, Duration.ZERO, Duration.ofSeconds(5),
				null);
		this.runner = this.runner.withBean("engine", GuardedPublisher.class, () -> engine,
				(definition) -> ((AbstractBeanDefinition) definition).setDefaultCandidate(false));
		this.application = new ApplicationPublisher(engine, () -> new PayloadConverter(StringMessageConverter::new));
		orders((context, orders) -> {
			assertThatIllegalArgumentException().isThrownBy(() -> orders.change("1", () -> {
			})).withMessageContaining("has 7 bytes, but realtime.publish.max-payload allows 3");
			assertThat(transactions(context).events()).isEqualTo("begin rollback ");
		});
	}

	@Test
	void aFailureAfterCommitDoesNotReachTheCaller() {
		orders((context, orders) -> {
			this.published.failWith(new IllegalStateException("away"));
			assertThat(orders.change("1", () -> {
			})).isEqualTo("changed");
		});
	}

	@Test
	void refusesAtStartupBeanMethodsThatCannotWork() {
		assertInvalid(new ReturnsNothing(), "it returns nothing that could be published");
		assertInvalid(new ReturnsAReceipt(), "it returns the receipt of another message");
		assertInvalid(new IsFinal(), "the method is private, final or static");
		assertInvalid(new OnTheClass(), "on a type it is for interfaces");
	}

	private void assertInvalid(Object bean, String why) {
		this.runner.withBean("greeter", Greetings.class, () -> new Greeter())
			.withBean("broken", Object.class, () -> bean)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidTopicPublisherException.class)
				.hasMessageContaining(why));
	}

	private void orders(Check check) {
		this.runner.withBean("greeter", Greetings.class, () -> new Greeter())
			.withBean(OrderService.class, OrderService::new)
			.withBean(PlatformTransactionManager.class, () -> new FakeTransactions(this.published))
			.withBean("brokerMessageConverter", MessageConverter.class, TextConverter::new)
			.run((context) -> check.accept(context, context.getBean(OrderService.class)));
	}

	private static FakeTransactions transactions(ApplicationContext context) {
		return (FakeTransactions) context.getBean(PlatformTransactionManager.class);
	}

	private static void inTransaction(ApplicationContext context, Runnable work) {
		new TransactionTemplate(transactions(context)).executeWithoutResult((status) -> work.run());
	}

	interface Check {

		void accept(ApplicationContext context, OrderService orders) throws Exception;

	}

	static class ReturnsNothing {

		@TopicPublisher("room")
		void post() {
		}

	}

	static class ReturnsAReceipt {

		@TopicPublisher("room")
		CompletionStage<PublishReceipt> post() {
			return new CompletableFuture<>();
		}

	}

	static class IsFinal {

		@TopicPublisher("room")
		final String post() {
			return "";
		}

	}

	@TopicPublisher("room")
	static class OnTheClass {

	}

	static class Greeter implements Greetings {

		@Override
		public String greet(String name) {
			return "hello " + name;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	@AutoConfigurationPackage(basePackageClasses = RoomTopics.class)
	static class Application {

	}

}
