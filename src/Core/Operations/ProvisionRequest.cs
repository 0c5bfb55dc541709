using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>A new cache to make.</summary>
/// <param name="Generation">Of the operation that asks: a new generation of the same name is another cache.</param>
/// <param name="LoadFrom">The data file that the server loads at its start; null: it starts empty.</param>
/// <param name="Store">Where that file is; null: in the service's own store.</param>
public sealed record ProvisionRequest(CacheName Name, long Generation, CacheEngine Engine, ObjectKey? LoadFrom, IObjectStore? Store = null);
