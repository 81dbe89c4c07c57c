package dev.realtime.spring.jdbc;

import java.sql.Connection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

import javax.sql.DataSource;

import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.broker.jdbc.JdbcBroker;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.spring.publisher.TransactionalPublishing;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Publishes on the connection of Spring's transaction, whichever manager opened it: that
 * of JDBC, or of JPA where it shows its connection. A read-only transaction cannot be
 * joined.
 */
public final class JdbcTransactions implements TransactionalPublishing {

	private final JdbcBroker broker;

	private final DataSource dataSource;

	private final TopicPolicies policies;

	private final Predicate<Topic> durable;

	private final Runnable committed;

	/**
	 * Joins transactions on the application's data source.
	 * @param durable the topics that the broker keeps
	 * @param committed called for each message that was published with its transaction
	 */
	public JdbcTransactions(JdbcBroker broker, DataSource dataSource, TopicPolicies policies, Predicate<Topic> durable,
			Runnable committed) {
		this.broker = broker;
		this.dataSource = target(dataSource);
		this.policies = policies;
		this.durable = durable;
		this.committed = committed;
	}

	@Override
	public boolean isPossible(Topic topic) {
		return transaction() != null && this.durable.test(topic);
	}

	@Override
	public PublishReceipt publish(Publication publication) {
		ConnectionHolder transaction = transaction();
		if (transaction == null) {
			throw new IllegalStateException("There is no transaction to publish in");
		}
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			StoredPublication stored = this.broker.publishIn(connection, publication,
					this.policies.of(publication.topic()));
			TransactionSynchronizationManager
				.registerSynchronization(new Announcement(this.broker, stored, this.committed));
			return stored.receipt();
		}
		catch (PublishException ex) {
			// half of it may be there
			transaction.setRollbackOnly();
			throw ex;
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

	private @Nullable ConnectionHolder transaction() {
		boolean active = TransactionSynchronizationManager.isActualTransactionActive()
				&& TransactionSynchronizationManager.isSynchronizationActive()
				&& !TransactionSynchronizationManager.isCurrentTransactionReadOnly();
		return (active
				&& TransactionSynchronizationManager.getResource(this.dataSource) instanceof ConnectionHolder holder
				&& holder.isSynchronizedWithTransaction()) ? holder : null;
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
	 * Announces one message after the commit, unless a part of the transaction with the
	 * message in it was rolled back to a savepoint. For the transaction's thread.
	 */
	private static final class Announcement implements TransactionSynchronization {

		private final JdbcBroker broker;

		private final StoredPublication stored;

		private final Set<Object> laterSavepoints = new HashSet<>();

		private final Runnable committed;

		private boolean undone;

		Announcement(JdbcBroker broker, StoredPublication stored, Runnable committed) {
			this.committed = committed;
			this.broker = broker;
			this.stored = stored;
		}

		@Override
		public void savepoint(Object savepoint) {
			this.laterSavepoints.add(savepoint);
		}

		@Override
		public void savepointRollback(Object savepoint) {
			this.undone |= !this.laterSavepoints.contains(savepoint);
		}

		@Override
		public void afterCommit() {
			if (!this.undone) {
				this.broker.announceCommitted(this.stored);
				this.committed.run();
			}
		}

		/** An unknown outcome is left to whoever looks after the outbox. */
		@Override
		public void afterCompletion(int status) {
			if (status == STATUS_ROLLED_BACK || (status == STATUS_COMMITTED && this.undone)) {
				this.broker.abandon(this.stored);
			}
		}

	}

}
