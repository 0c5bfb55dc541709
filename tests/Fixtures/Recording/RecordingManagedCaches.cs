using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Fixtures.Recording;

/// <summary>The maker of new caches, with every call noted.</summary>
public sealed class RecordingManagedCaches(IManagedCaches inner, CallRecorder recorder) : IManagedCaches
{
    public void RequireAvailable(CacheName name) => inner.RequireAvailable(name);

    public Task<bool> TryRequestAsync(ManagedCacheRequest request, CancellationToken cancellationToken)
    {
        recorder.Note(RecordingSources.Target, request.Target.Kind == RestoreTargetKind.Serverless ? "RequestServerless" : "RequestCluster");
        return inner.TryRequestAsync(request, cancellationToken);
    }

    public Task<bool?> IsOfAsync(CacheName name, RestoreTargetKind kind, ExecutionId execution, CancellationToken cancellationToken)
    {
        recorder.Note(RecordingSources.Target, "ReadOwner");
        return inner.IsOfAsync(name, kind, execution, cancellationToken);
    }

    public Task<ManagedCacheDescription?> DescribeAsync(
        CacheName name, RestoreTargetKind kind, bool withNodes, CancellationToken cancellationToken)
    {
        recorder.Note(RecordingSources.Target, "FindCache");
        return inner.DescribeAsync(name, kind, withNodes, cancellationToken);
    }

    public Task<string?> FindCauseAsync(CacheName name, RestoreTargetKind kind, CancellationToken cancellationToken)
    {
        recorder.Note(RecordingSources.Target, "FindCause");
        return inner.FindCauseAsync(name, kind, cancellationToken);
    }
}
