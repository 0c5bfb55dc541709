namespace CacheBackup.Core.Storage.Files;

/// <summary>The directory of one open upload. The upload is open while its data file lies there.</summary>
internal sealed record UploadFiles(string Directory)
{
    public const string About = "about";
    public const string Hold = "hold";
    public const string Placing = "placing";
    public const string Data = "data";

    public string HoldFile => Path.Combine(Directory, Hold);

    public string PlacingFile => Path.Combine(Directory, Placing);

    public string DataFile => Path.Combine(Directory, Data);

    public UploadDescription Describe()
    {
        string path = Path.Combine(Directory, About);
        return UploadDescription.Parse(File.ReadAllText(path), path);
    }

    /// <summary>The upload, or null where it is not open (any more).</summary>
    public OpenUpload? OpenUpload()
    {
        try
        {
            return File.Exists(DataFile) && Describe() is { } about
                ? new OpenUpload(about.Key, new UploadId(Path.GetFileName(Directory)), about.BegunAt)
                : null;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
