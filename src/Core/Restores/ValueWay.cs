namespace CacheBackup.Core.Restores;

/// <summary>How a value gets into a target that may be older than its source, or of another family.</summary>
public enum ValueWay
{
    /// <summary>The target knows the type: the value goes as it is stored, under the lowest version that defines it.</summary>
    AsStored,

    /// <summary>The target lacks the type and knows an older one that holds the same: the value is written anew in that one.</summary>
    Older,

    /// <summary>Only commands say on that target what the value is.</summary>
    Elements,

    /// <summary>The target cannot hold it.</summary>
    None,
}
