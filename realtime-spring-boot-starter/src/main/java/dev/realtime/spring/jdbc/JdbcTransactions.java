package dev.realtime.spring.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.broker.jdbc.JdbcBroker;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.spring.publisher.CurrentTransaction;
import dev.realtime.spring.publisher.SavepointAware;
import dev.realtime.spring.publisher.TransactionalPublishing;

import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Publishes on the connection of Spring's transaction if its manager has bound one for
 * the data source, as the managers of JDBC and of JPA do. A read-only transaction cannot
 * be joined, nor one that is committing.
 */
public final class JdbcTransactions implements TransactionalPublishing {

	private final JdbcBroker broker;

	private final DataSource dataSource;

	private final TopicPolicies policies;

	private final Predicate<Topic> durable;

	private final UnaryOperator<Publication> marked;

	private final Runnable committed;

	/**
	 * Joins transactions on the application's data source.
	 * @param durable the topics that the broker keeps
	 * @param marked marks what is to be traced
	 * @param committed called for each message that was published with its transaction
	 */
	public JdbcTransactions(JdbcBroker broker, DataSource dataSource, TopicPolicies policies, Predicate<Topic> durable,
			UnaryOperator<Publication> marked, Runnable committed) {
		this.broker = broker;
		this.dataSource = target(dataSource);
		this.policies = policies;
		this.durable = durable;
		this.marked = marked;
		this.committed = committed;
	}

	@Override
	public boolean isPossible(Topic topic) {
		return isOpen() && this.durable.test(topic);
	}

	@Override
	public PublishReceipt publish(Publication publication) {
		if (!isOpen()) {
			throw new IllegalStateException("There is no transaction to publish in");
		}
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			StoredPublication stored = this.broker.publishIn(connection, this.marked.apply(publication),
					this.policies.of(publication.topic()));
			TransactionSynchronizationManager
				.registerSynchronization(new Announcement(this.broker, stored, this.committed));
			return stored.receipt();
		}
		catch (PublishException ex) {
			TransactionSynchronizationManager.registerSynchronization(new Refusal(ex));
			throw ex;
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

	/** Whether the calling thread's transaction is one of our data source, and open. */
	private boolean isOpen() {
		if (!CurrentTransaction.isOpen() || TransactionSynchronizationManager.isCurrentTransactionReadOnly()
				|| !(TransactionSynchronizationManager
					.getResource(this.dataSource) instanceof ConnectionHolder holder)) {
			return false;
		}
		return CurrentTransaction.isKnown() ? CurrentTransaction.hasBrought(holder) : isTransactional();
	}

	/**
	 * For a manager that is not a bean: a connection for single statements commits each.
	 */
	private boolean isTransactional() {
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			return !connection.getAutoCommit();
		}
		catch (SQLException ex) {
			return false;
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

	/** Transactions are bound to what is behind such proxies. */
	private static DataSource target(DataSource dataSource) {
		DataSource target = dataSource;
		while (target instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null) {
			target = proxy.getTargetDataSource();
		}
		return target;
	}

	/**
	 * Fails the commit: a part of the publication may have been written. Not every
	 * manager respects a connection that is marked for rollback only.
	 */
	private static final class Refusal extends SavepointAware {

		private final PublishException reason;

		Refusal(PublishException reason) {
			this.reason = reason;
		}

		@Override
		public void beforeCommit(boolean readOnly) {
			if (!isUndone()) {
				throw this.reason;
			}
		}

	}

	/**
	 * Announces one message after the commit, unless a part of the transaction with the
	 * message in it was rolled back to a savepoint. For the transaction's thread.
	 */
	private static final class Announcement extends SavepointAware {

		private final JdbcBroker broker;

		private final StoredPublication stored;

		private final Runnable committed;

		Announcement(JdbcBroker broker, StoredPublication stored, Runnable committed) {
			this.committed = committed;
			this.broker = broker;
			this.stored = stored;
		}

		@Override
		public void afterCommit() {
			if (!isUndone()) {
				this.broker.announceCommitted(this.stored);
				this.committed.run();
			}
		}

		/** An unknown outcome is left to the outbox. */
		@Override
		public void afterCompletion(int status) {
			if (status == STATUS_ROLLED_BACK || (status == STATUS_COMMITTED && isUndone())) {
				this.broker.abandon(this.stored);
			}
		}

	}

}
