namespace CacheBackup.Core.Model;

/// <summary>A replica as its primary tells of it (<c>INFO replication</c>).</summary>
/// <param name="Endpoint">Where the replica says that it is reached; nothing has been asked there.</param>
/// <param name="IsOnline">It is sent the stream of commands: no data set is on its way to it.</param>
/// <param name="OffsetBytes">How far it has confirmed the stream.</param>
public sealed record ReplicaLink(CacheEndpoint Endpoint, bool IsOnline, long OffsetBytes);
