from PySide6.QtGui import QImage

from tfworker.ui import gallery


def test_every_scene_is_drawn_in_every_look(qapp, tmp_path):
    paths = gallery.take(qapp, tmp_path / "pictures")
    images = [QImage(str(path)) for path in paths]

    assert len(paths) == 24
    assert all(image.width() == 1360 for image in images)
    assert len({image.pixelColor(2, 2).name() for image in images}) > 1
